// Runes everywhere: a file that slips back to the old reactivity is a compile error.
export default { compilerOptions: { runes: true } };
