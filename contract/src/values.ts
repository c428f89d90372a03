import { PURPOSES, ROLES } from '@lantai/policy';
import { z } from 'zod';

/** An opaque id: a lower-case UUID. */
export const Id = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
/** `1978`, `1978-07` or `1978-07-03`. */
export const PartialDateText = z
  .string()
  .regex(/^\d{4}(-\d{2}(-\d{2})?)?$/)
  .describe('A date known to the year, month or day.');
/** [x, y, width, height] in pixels of the image named beside it, origin top-left. */
export const BoxPx = z.array(z.number()).length(4).describe('[x, y, width, height] in pixels, origin top-left.');
export const TimeMs = z.int().min(0).describe('Milliseconds since 1970 UTC.');
/** A title, remark or name as typed by a person: any Unicode text, at most 500 code units. */
export const ShortText = z.string().max(500);
/** An archival code (档号) as stored or typed. */
export const ArchivalCode = z.string().min(1).max(120);
/** Place to go on from: opaque, made by the server, holds no personal data. */
export const Cursor = z.string().max(400).describe('Opaque; from `nextCursor` of the answer before.');
/** A {@link Cursor} that is the id of the last item of the page before. */
export const IdCursor = Id.describe('From `nextCursor` of the answer before.');
/** Items asked for at once. */
export const Limit = z.coerce.number().int().min(1).max(500);

/** A count that is exact up to a limit: `{value: 1000, more: true}` reads "1,000+". */
export const Count = z.object({ value: z.int().min(0), more: z.boolean() }).meta({ id: 'Count' });
export type Count = z.infer<typeof Count>;

/** A value said once or several times in a query string. */
export const oneOrMany = <T extends z.ZodType>(item: T) => z.union([item, z.array(item).max(100)]);

export const Language = z.enum(['zh', 'en']).meta({ id: 'Language' });
export type Language = z.infer<typeof Language>;

/** What an actor looks for: chosen for the session's work, written into every access entry. Administration is the server's own word for its acts. */
export const Purpose = z.enum(PURPOSES).exclude(['administration']).meta({ id: 'Purpose' });
export type Purpose = z.infer<typeof Purpose>;

/** Header of every operation that touches a dossier; `archive_work` when it is left out. */
export const PurposeHeader = z.object({ 'lantai-purpose': Purpose.optional() });

export const Role = z.enum(ROLES).meta({ id: 'Role' });
export type Role = z.infer<typeof Role>;

/** A result of a check (检查结果); the words are keyed by code. */
export const FindingView = z
  .object({
    code: z.string(),
    severity: z.enum(['error', 'warning', 'info']),
    pageId: Id.optional(),
    materialId: Id.optional(),
    classCode: z.string().optional(),
    box: BoxPx.optional(),
    params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  })
  .meta({ id: 'FindingView' });
export type FindingView = z.infer<typeof FindingView>;

export const FieldKind = z.enum(['text', 'number', 'date', 'choice']);

/** JSON that WebAuthn itself defines (W3C Web Authentication level 3, section 5.1.8): checked by the library that verifies it. */
export const WebAuthnJson = z.record(z.string(), z.unknown());
/** The browser's answer to a challenge: `RegistrationResponseJSON` or `AuthenticationResponseJSON`. */
export const PasskeyAnswer = WebAuthnJson.meta({ id: 'PasskeyAnswer', description: 'The JSON form of a PublicKeyCredential.' });

const Places = z.int().min(0);
/** Places by kind of what is sensitive, and words of discipline and of health: the members of every count before something leaves. */
export const SensitiveCount = {
  id_number: Places,
  phone: Places,
  address: Places,
  bank_account: Places,
  discipline: Places,
  health: Places,
} as const;
/** Why what is sensitive may leave. Sealed for auditors. */
export const LeaveReason = z.string().trim().max(500).default('').describe('Needed when any count but that of size is not 0.');
