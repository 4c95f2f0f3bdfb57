// Lets Node import generated TypeScript as it is. Import for its effect, before the generated file is imported.
//
// Node strips types itself; four things are added. Relative specifiers need no extension, as with bundlers, and packages
// are found from this folder, wherever the generated file lies. "@/" is the folder src beside a file. And .tsx is read, too.

import { existsSync, readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

registerHooks({
  resolve(specifier, context, next) {
    const generated = context.parentURL?.startsWith("file:") && !context.parentURL.includes("/node_modules/");
    if (!generated) return next(specifier, context);
    if (/^\.\.?\//.test(specifier)) {
      const url = new URL(specifier, context.parentURL);
      for (const candidate of [url.href, `${url.href}.ts`, url.href.replace(/\.js$/, ".ts"), `${url.href}/index.ts`]) {
        if (/\.\w+$/.test(candidate) && existsSync(fileURLToPath(candidate))) return next(candidate, context);
      }
    }
    if (specifier.startsWith("@/")) {
      const url = new URL(`./src/${specifier.slice(2)}.ts`, context.parentURL);
      const above = new URL(`../${specifier.slice(2)}.ts`, context.parentURL);
      return next([url, above].find((it) => existsSync(fileURLToPath(it)))?.href ?? specifier, context);
    }
    if (/^[@a-z]/i.test(specifier) && !specifier.includes(":")) {
      return next(specifier, { ...context, parentURL: import.meta.url });
    }
    return next(specifier, context);
  },
  // Ours hold no JSX.
  load(url, context, next) {
    if (!url.endsWith(".tsx")) return next(url, context);
    return { format: "module-typescript", source: readFileSync(fileURLToPath(url), "utf8"), shortCircuit: true };
  },
});
