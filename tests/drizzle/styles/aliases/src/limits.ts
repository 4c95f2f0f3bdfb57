export const LIMITS = { name: 80, body: 4_000 } as const;
