import { zhAccess } from './zh-access.ts';
import { zhAnchors } from './zh-anchors.ts';
import { zhBoxes } from './zh-boxes.ts';
import { zhCodes } from './zh-codes.ts';
import { zhCompare } from './zh-compare.ts';
import { zhCountercheck } from './zh-countercheck.ts';
import { zhCounting } from './zh-counting.ts';
import { zhDirectory } from './zh-directory.ts';
import { zhFields } from './zh-fields.ts';
import { zhFrame } from './zh-frame.ts';
import { zhJobs } from './zh-jobs.ts';
import { zhKeyFacts } from './zh-key-facts.ts';
import { zhManifest } from './zh-manifest.ts';
import { zhPersonal } from './zh-personal.ts';
import { zhPhone } from './zh-phone.ts';
import { zhPolicy } from './zh-policy.ts';
import { zhProperties } from './zh-properties.ts';
import { zhReview } from './zh-review.ts';
import { zhRights } from './zh-rights.ts';
import { zhScan } from './zh-scan.ts';
import { zhSignatures } from './zh-signatures.ts';
import { zhStandards } from './zh-standards.ts';
import { zhStations } from './zh-stations.ts';
import { zhVerify } from './zh-verify.ts';
import { zhVersions } from './zh-versions.ts';
import { zhWork } from './zh-work.ts';

/** Every word of the page in Chinese, the first language. */
export const zh = {
  ...zhAccess,
  ...zhAnchors,
  ...zhCountercheck,
  ...zhBoxes,
  ...zhCodes,
  ...zhCounting,
  ...zhCompare,
  ...zhDirectory,
  ...zhFields,
  ...zhFrame,
  ...zhJobs,
  ...zhKeyFacts,
  ...zhManifest,
  ...zhPersonal,
  ...zhPhone,
  ...zhPolicy,
  ...zhProperties,
  ...zhReview,
  ...zhRights,
  ...zhScan,
  ...zhSignatures,
  ...zhStandards,
  ...zhStations,
  ...zhVerify,
  ...zhVersions,
  ...zhWork,
} as const;
export type Word = keyof typeof zh;
