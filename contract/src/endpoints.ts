import { accountEndpoints } from './accounts.ts';
import { anchorEndpoints } from './anchors.ts';
import { archivalCodeEndpoints } from './archival-codes.ts';
import { boxEndpoints } from './boxes.ts';
import { breakGlassEndpoints } from './break-glass.ts';
import { captureEndpoints } from './capture.ts';
import { consultationEndpoints } from './consultations.ts';
import { copyEndpoints } from './copies.ts';
import { countercheckEndpoints } from './countercheck.ts';
import { countingEndpoints } from './counting.ts';
import { deskEndpoints } from './desk.ts';
import { directoryEndpoints } from './directory.ts';
import { dossierEndpoints } from './dossiers.ts';
import { filingCheckEndpoints } from './filing-check.ts';
import { healthEndpoints } from './health.ts';
import { jobEndpoints } from './jobs.ts';
import { keyFactEndpoints } from './key-facts.ts';
import { learningEndpoints } from './learning.ts';
import { logEndpoints } from './log.ts';
import { manifestEndpoints } from './manifests.ts';
import { maskingEndpoints } from './masking.ts';
import { organisationEndpoints } from './organisation.ts';
import { overviewEndpoints } from './overview.ts';
import { packEndpoints } from './packs.ts';
import { pageEndpoints } from './pages.ts';
import { factorEndpoints } from './passkeys.ts';
import { personalEndpoints } from './personal.ts';
import { phoneEndpoints } from './phone.ts';
import { policyEndpoints } from './policy.ts';
import { processingEndpoints } from './processing.ts';
import { propertyEndpoints } from './properties.ts';
import { scanEndpoints } from './scans.ts';
import { scimEndpoints } from './scim.ts';
import { searchEndpoints } from './search.ts';
import { separatorEndpoints } from './separators.ts';
import { sessionEndpoints } from './session.ts';
import { standardEndpoints } from './standards.ts';
import { stationEndpoints } from './stations.ts';
import { tokenEndpoints } from './tokens.ts';
import { unitEndpoints } from './units.ts';
import { useWatchEndpoints } from './use-watch.ts';

/** Every operation of the API by its operationId. Routes, OpenAPI document and client are made from it. */
export const endpoints = {
  ...sessionEndpoints,
  ...factorEndpoints,
  ...tokenEndpoints,
  ...accountEndpoints,
  ...breakGlassEndpoints,
  ...useWatchEndpoints,
  ...overviewEndpoints,
  ...dossierEndpoints,
  ...deskEndpoints,
  ...countercheckEndpoints,
  ...keyFactEndpoints,
  ...propertyEndpoints,
  ...filingCheckEndpoints,
  ...pageEndpoints,
  ...maskingEndpoints,
  ...copyEndpoints,
  ...captureEndpoints,
  ...phoneEndpoints,
  ...scanEndpoints,
  ...manifestEndpoints,
  ...separatorEndpoints,
  ...countingEndpoints,
  ...boxEndpoints,
  ...archivalCodeEndpoints,
  ...standardEndpoints,
  ...stationEndpoints,
  ...searchEndpoints,
  ...jobEndpoints,
  ...learningEndpoints,
  ...logEndpoints,
  ...packEndpoints,
  ...anchorEndpoints,
  ...unitEndpoints,
  ...organisationEndpoints,
  ...directoryEndpoints,
  ...scimEndpoints,
  ...consultationEndpoints,
  ...policyEndpoints,
  ...personalEndpoints,
  ...processingEndpoints,
  ...healthEndpoints,
} as const;
export type OperationId = keyof typeof endpoints;
