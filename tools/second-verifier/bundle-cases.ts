import { ANCHORS } from './bundle-anchor-cases.ts';
import { MANIFESTS, PATHS, withPath } from './bundle-manifest-cases.ts';
import { MEMBERS } from './bundle-member-cases.ts';
import { OTHER_CASES } from './bundle-other-cases.ts';
import { HEADERS, ZIPS } from './bundle-zip-cases.ts';
import { type BundleCase, change, make, NAME, type Parts } from './craft-bundle.ts';

/** Bundles that are wrong in one place, or right at a limit, each signed and committed to rightly in every other. */
export function bundleCases(): BundleCase[] {
  const named = <Value>(group: string, values: Record<string, Value>, partsOf: (value: Value) => Parts) =>
    Object.entries(values).map(([name, value]) => make(`${group}: ${name}`, partsOf(value)));
  return [
    ...named('bundle', OTHER_CASES, (parts) => parts),
    ...named('manifest', MANIFESTS, (manifest) => ({ manifest })),
    ...named('members', MEMBERS, (members) => ({ members })),
    ...named('zip', ZIPS, (zip) => ({ zip })),
    ...named('anchors', ANCHORS, (parts) => parts),
    ...PATHS.map((path) => make(`path: ${path}`, withPath(path))),
    ...(['both', 'local', 'central'] as const).flatMap((side) =>
      HEADERS.map(([name, at, bytes]) =>
        make(`header, ${side}: ${name}`, { members: change(NAME, (m) => ({ ...m, [side]: [at, bytes] as const })) }),
      ),
    ),
  ];
}
