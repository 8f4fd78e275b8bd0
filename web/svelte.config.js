export default {
  compilerOptions: {
    runes: true,
    // Elements are made one by one: no innerHTML, so Trusted Types need no exception for it.
    fragments: 'tree',
    cssHash: ({ hash, css }) => `s-${hash(css)}`,
  },
};
