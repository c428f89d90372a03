export { type Advice, type AdvisedDossier, askAbout, NO_ADVICE, takeAdvice } from './advise.ts';
