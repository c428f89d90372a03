import { parentPort, workerData } from 'node:worker_threads';
import { propose } from '@lantai/proposals';
import { assert } from '@lantai/values';
import { loadKnowledge } from './page-knowledge.ts';
import type { ProposeRequest } from './propose-pages.ts';

/** A thread that proposes for one dossier and ends. It holds readings, no keys and no database. */
const { programFolder, scheme, pages, known } = workerData as ProposeRequest;
assert(parentPort, 'runs as a thread');
parentPort.postMessage(propose(pages, loadKnowledge(programFolder, scheme), known));
