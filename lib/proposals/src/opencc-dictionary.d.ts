/** The character table of OpenCC as opencc-js ships it: `繁 简` joined by `|`. The package has no types for its dictionaries. */
declare module 'opencc-js/dict/TSCharacters' {
  const dictionary: string;
  export default dictionary;
}
