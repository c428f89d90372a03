import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScannerProgram } from '@lantai/images/scanner';
import sharp from 'sharp';

/** A program that answers as `scanimage` does, with a stack of paper that a test lays into its feeder. The interop tests have the real one. */
export interface PaperScanner {
  readonly program: ScannerProgram;
  /** Lays sheets into the feeder, each of its own content. @param jamsAt which of them jams, once, counted from the first */
  lay(sheets: number, jamsAt?: number): Promise<void>;
  close(): void;
}

/** Source: scanimage 1.2, what it writes with `-f`, `-A` and in batches, and its words of `sane_strstatus`. */
const SCRIPT = `#!/bin/sh
here=$(dirname "$0")
case " $* " in
*" -A "*) printf '    --source Flatbed|ADF [Flatbed]\\n    --mode Gray|Color [Gray]\\n    --resolution 75..600dpi [75]\\n'; exit 0;;
*" -f "*) printf 'paper:0\\tTest\\tFeeder\\n'; exit 0;;
esac
for word in "$@"; do
  case "$word" in
  --batch=*) names=\${word#--batch=};;
  --batch-count=*) count=\${word#--batch-count=};;
  esac
done
folder=$(dirname "$names")
n=0
while [ "$n" -lt "$count" ]; do
  n=$((n + 1))
  next=$(ls "$here/feeder" | sort -n | head -n 1)
  if [ -z "$next" ]; then echo "scanimage: sane_start: Document feeder out of documents" >&2; exit 7; fi
  if [ -e "$here/jam-$next" ]; then rm "$here/jam-$next"; echo "scanimage: sane_read: Document feeder jammed" >&2; exit 7; fi
  cat "$here/feeder/$next" > "$folder/$n.png.part"
  rm "$here/feeder/$next"
  mv "$folder/$n.png.part" "$folder/$n.png"
  echo "Scanned page $n. (scanner status = 5)" >&2
done
`;

let drawn = 0;

/** Makes such a program in a folder of its own. */
export function makePaperScanner(): PaperScanner {
  const folder = mkdtempSync(join(tmpdir(), 'lantai-paper-scanner-'));
  mkdirSync(join(folder, 'feeder'));
  const file = join(folder, 'scanimage');
  writeFileSync(file, SCRIPT, { mode: 0o700 });
  return {
    program: { file, configFolder: null },
    lay: async (sheets, jamsAt) => {
      for (let i = 1; i <= sheets; i++) {
        const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="560"><rect width="400" height="560" fill="#fff"/><rect x="40" y="40" width="${40 + drawn++}" height="9"/></svg>`;
        writeFileSync(join(folder, 'feeder', String(i)), await sharp(Buffer.from(svg)).png().toBuffer());
      }
      if (jamsAt) writeFileSync(join(folder, `jam-${jamsAt}`), '');
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
