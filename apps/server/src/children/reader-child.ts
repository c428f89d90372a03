import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createOcrEngine } from '@lantai/ocr-onnx';
import type { Reading } from '@lantai/reading';
import { ArchiveError } from '@lantai/values';
import { serveChild } from './serve.ts';

// The process in which pages are read. It holds no key, no database and no environment; the models lie beside the program.
const engine = await createOcrEngine({ modelFolder: join(dirname(fileURLToPath(import.meta.url)), 'models') });

serveChild<{ readonly kind: 'read' }, never, Reading>(async (_request, [bytes]) => {
  if (!bytes) throw new ArchiveError('child/protocol', 'environment');
  return { reply: await engine.read({ bytes }) };
});
