/** Words in a language that counts: each key as it is, or once for one and once for all other numbers. */
export type Translation<Key extends string> = { readonly [K in Key | `${Key}_one` | `${Key}_other`]?: string };
