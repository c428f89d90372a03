/** The phrase table of OpenCC: `简 繁` joined by `|`; a list of Chinese words for the benches. */
declare module 'opencc-js/dict/STPhrases' {
  const dictionary: string;
  export default dictionary;
}
