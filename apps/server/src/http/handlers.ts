import type { Archive } from '../archive/index.ts';
import { PageImages } from '../pages/index.ts';
import { ScanDesk } from '../scanning/index.ts';
import type { Handlers } from './handler.ts';
import { accountHandlers } from './routes/account-routes.ts';
import { anchorHandlers } from './routes/anchor-routes.ts';
import { archivalCodeHandlers } from './routes/archival-code-routes.ts';
import { boxHandlers } from './routes/box-routes.ts';
import { breakGlassHandlers } from './routes/break-glass-routes.ts';
import { copyHandlers } from './routes/copy-routes.ts';
import { countercheckHandlers } from './routes/countercheck-routes.ts';
import { countingHandlers } from './routes/counting-routes.ts';
import { deskHandlers } from './routes/desk-routes.ts';
import { directoryHandlers } from './routes/directory-routes.ts';
import { dossierHandlers } from './routes/dossier-routes.ts';
import { factorHandlers } from './routes/factor-routes.ts';
import { filingCheckHandlers } from './routes/filing-check-routes.ts';
import { healthHandlers } from './routes/health-routes.ts';
import { importHandlers } from './routes/import-routes.ts';
import { jobHandlers } from './routes/job-routes.ts';
import { keyFactHandlers } from './routes/key-fact-routes.ts';
import { learningHandlers } from './routes/learning-routes.ts';
import { logHandlers } from './routes/log-routes.ts';
import { manifestHandlers } from './routes/manifest-routes.ts';
import { maskingHandlers } from './routes/masking-routes.ts';
import { oidcHandlers } from './routes/oidc-routes.ts';
import { organisationHandlers } from './routes/organisation-routes.ts';
import { overviewHandlers } from './routes/overview-routes.ts';
import { packHandlers } from './routes/pack-routes.ts';
import { pageHandlers } from './routes/page-routes.ts';
import { personalHandlers } from './routes/personal-routes.ts';
import { phoneHandlers } from './routes/phone-routes.ts';
import { policyHandlers } from './routes/policy-routes.ts';
import { processingHandlers } from './routes/processing-routes.ts';
import { propertyHandlers } from './routes/property-routes.ts';
import { scanHandlers } from './routes/scan-routes.ts';
import { scimHandlers } from './routes/scim-routes.ts';
import { searchHandlers } from './routes/search-routes.ts';
import { sessionHandlers } from './routes/session-routes.ts';
import { standardHandlers } from './routes/standard-routes.ts';
import { stationHandlers } from './routes/station-routes.ts';
import { tokenHandlers } from './routes/token-routes.ts';
import { uploadHandlers } from './routes/upload-routes.ts';
import { useWatchHandlers } from './routes/use-watch-routes.ts';

/** Every operation of the contract with what does it; a missing one does not compile. @param scans closed by whoever made it */
export function createHandlers(archive: Archive, scans = new ScanDesk(archive)): Handlers {
  const images = new PageImages(archive);
  return {
    ...sessionHandlers,
    ...factorHandlers,
    ...tokenHandlers,
    ...oidcHandlers,
    ...accountHandlers,
    ...breakGlassHandlers,
    ...useWatchHandlers,
    ...overviewHandlers,
    ...dossierHandlers,
    ...deskHandlers,
    ...keyFactHandlers,
    ...propertyHandlers,
    ...pageHandlers(images),
    ...copyHandlers(images),
    ...maskingHandlers,
    ...uploadHandlers,
    ...phoneHandlers(),
    ...scanHandlers(scans),
    ...importHandlers,
    ...manifestHandlers,
    ...countercheckHandlers,
    ...filingCheckHandlers,
    ...countingHandlers,
    ...boxHandlers,
    ...archivalCodeHandlers,
    ...standardHandlers,
    ...stationHandlers,
    ...searchHandlers,
    ...jobHandlers,
    ...learningHandlers,
    ...logHandlers,
    ...packHandlers,
    ...anchorHandlers,
    ...organisationHandlers,
    ...directoryHandlers,
    ...scimHandlers,
    ...policyHandlers,
    ...personalHandlers,
    ...processingHandlers,
    ...healthHandlers,
  };
}
