import { enAccess } from './en-access.ts';
import { enAnchors } from './en-anchors.ts';
import { enBoxes } from './en-boxes.ts';
import { enCodes } from './en-codes.ts';
import { enCompare } from './en-compare.ts';
import { enCountercheck } from './en-countercheck.ts';
import { enCounting } from './en-counting.ts';
import { enDirectory } from './en-directory.ts';
import { enFields } from './en-fields.ts';
import { enFrame } from './en-frame.ts';
import { enJobs } from './en-jobs.ts';
import { enKeyFacts } from './en-key-facts.ts';
import { enManifest } from './en-manifest.ts';
import { enPersonal } from './en-personal.ts';
import { enPhone } from './en-phone.ts';
import { enPolicy } from './en-policy.ts';
import { enProperties } from './en-properties.ts';
import { enReview } from './en-review.ts';
import { enRights } from './en-rights.ts';
import { enScan } from './en-scan.ts';
import { enSignatures } from './en-signatures.ts';
import { enStandards } from './en-standards.ts';
import { enStations } from './en-stations.ts';
import { enVerify } from './en-verify.ts';
import { enVersions } from './en-versions.ts';
import { enWork } from './en-work.ts';

/** Every word of the page in English. words.test.ts holds it complete. */
export const en = {
  ...enAccess,
  ...enAnchors,
  ...enCountercheck,
  ...enBoxes,
  ...enCodes,
  ...enCounting,
  ...enCompare,
  ...enDirectory,
  ...enFields,
  ...enFrame,
  ...enJobs,
  ...enKeyFacts,
  ...enManifest,
  ...enPersonal,
  ...enPhone,
  ...enPolicy,
  ...enProperties,
  ...enReview,
  ...enRights,
  ...enScan,
  ...enSignatures,
  ...enStandards,
  ...enStations,
  ...enVerify,
  ...enVersions,
  ...enWork,
};
