//! The numbers of an RSA key out of its PKCS #8 document.

/// A DER value's tag, content, and what comes after it.
fn value(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, mut rest) = rest.split_first()?;
    let mut length = usize::from(first);
    if first >= 0x80 {
        let count = usize::from(first & 0x7f);
        // Four gigabytes are more than a key has.
        if count > 4 {
            return None;
        }
        let (digits, after) = rest.split_at_checked(count)?;
        length = digits.iter().fold(0, |sum, it| sum << 8 | usize::from(*it));
        rest = after;
    }
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

fn expect(bytes: &[u8], wanted: u8) -> Option<(&[u8], &[u8])> {
    let (tag, content, rest) = value(bytes)?;
    (tag == wanted).then_some((content, rest))
}

const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const SEQUENCE: u8 = 0x30;

/// Modulus, exponents, primes, the exponents of each and the coefficient: big-endian, without
/// leading zeros.
pub(super) fn rsa_numbers(pkcs8: &[u8]) -> Option<[&[u8]; 8]> {
    let (document, _) = expect(pkcs8, SEQUENCE)?;
    let (_version, rest) = expect(document, INTEGER)?;
    let (_algorithm, rest) = expect(rest, SEQUENCE)?;
    let (key, _) = expect(rest, OCTETS)?;
    let (key, _) = expect(key, SEQUENCE)?;
    let (_version, mut rest) = expect(key, INTEGER)?;
    let mut numbers = [&[][..]; 8];
    for number in &mut numbers {
        let (digits, after) = expect(rest, INTEGER)?;
        let zeros = digits.iter().take_while(|it| **it == 0).count();
        *number = digits.get(zeros..)?;
        rest = after;
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_key_has_no_numbers() {
        for bytes in [
            &[][..],
            &[0x30],
            &[0x30, 0x85, 1, 1, 1, 1, 1],
            &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
            &[0x30, 3, 2, 1, 0],
            &[2, 1, 0],
        ] {
            assert!(rsa_numbers(bytes).is_none(), "{bytes:?}");
        }
    }
}
