// Made by Syncline from syncline.toml. Do not edit.

/** What Vite has to know of PowerSync: `defineConfig({ ...powersyncVite, plugins: […] })`. */

export const powersyncVite = {
  // Bundled ahead of time, the SDK would lose its workers and its SQLite.
  optimizeDeps: { exclude: ["@powersync/web", "@journeyapps/wa-sqlite"] },
  // Its workers are modules.
  worker: { format: "es" },
} as const;
