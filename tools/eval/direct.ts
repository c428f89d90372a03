import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createOcrEngine } from '@lantai/ocr-onnx';
import { isSameSheet, type Reading } from '@lantai/reading';
import { countWriting, DEFAULT_LIMITS, judgePage } from '@lantai/reading/inspection';
import type { PredictedDossier, PredictedPage } from './prediction.ts';

/** Reads the pages of each dossier with the engine alone: no archive, no materials. */
export async function readDirect(data: string, dossiers: readonly { id: string }[], modelFolder: string): Promise<PredictedDossier[]> {
  const engine = await createOcrEngine({ modelFolder });
  const out: PredictedDossier[] = [];
  const started = process.cpuUsage();
  let pageCount = 0;
  for (const { id } of dossiers) {
    const pages: PredictedPage[] = [];
    const before: Reading[] = [];
    for (const name of readdirSync(join(data, id)).sort()) {
      const reading = await engine.read({ bytes: readFileSync(join(data, id, name)) });
      pageCount++;
      pages.push({
        file: `${id}/${name}`,
        orientation: reading.orientation,
        skewDegrees: reading.skewDegrees,
        findings: [...findingsOf(reading), ...(before.some((r) => isSameSheet(r, reading)) ? ['duplicate'] : [])],
        lines: reading.lines,
      });
      before.push(reading);
    }
    out.push({ id, pages });
  }
  await engine.close();
  const used = process.cpuUsage(started);
  const cpu = (used.user + used.system) / 1e6 / Math.max(1, pageCount);
  process.stderr.write(
    `${pageCount} pages, ${cpu.toFixed(2)} CPU s a page, ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB at most\n`,
  );
  return out;
}

/** What the page checks say by the program's own limits: no dossier, no scheme. */
function findingsOf({ measures, orientation, skewDegrees, lines }: Reading): string[] {
  return measures
    ? judgePage(measures, { orientation, skewDegrees, lineCount: countWriting(lines) }, DEFAULT_LIMITS).map((f) => f.code)
    : [];
}
