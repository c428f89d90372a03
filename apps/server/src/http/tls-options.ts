import { readFileSync } from 'node:fs';
import type { TlsOptions } from 'node:tls';
import type { Config } from '../config.ts';

/**
 * What is offered to a browser: TLS 1.3, and of TLS 1.2 the suites with forward secrecy and authenticated encryption alone. Those that pad and
 * then authenticate (CBC) are left out: LUCKY13 and its kin live there (docs/guide/security-scan.md). Source: RFC 9325, section 4.2.
 */
const SUITES = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
];

/** How the server speaks TLS under the operator's certificate, read now. */
export const tlsOptions = ({ certificateFile, keyFile }: NonNullable<Config['tls']>): TlsOptions => ({
  cert: readFileSync(certificateFile),
  key: readFileSync(keyFile),
  minVersion: 'TLSv1.2',
  ciphers: SUITES.join(':'),
  honorCipherOrder: true,
});
