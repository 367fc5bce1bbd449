// The server in few files, dependencies and all, for `npm start`: Node spends most of a start on opening 1,500 modules one by one (docs/adr/005).
export default {
  ssr: { target: 'node', noExternal: true, external: ['@node-rs/argon2'] },
  build: { ssr: 'src/main.ts', outDir: 'dist', assetsDir: '', target: 'node24', minify: false, emptyOutDir: true },
  logLevel: 'warn',
};
