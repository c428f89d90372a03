export { ScanDesk, type ScanLine, type ScannerLine, type ScanOrder, STACK_FACES_MAX } from './scan-desk.ts';
