import { writeFileSync } from 'node:fs';
import { anchoredReceipt, findPageForReceipt, receiptWhenReady } from '@lantai/server';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { openSession } from '../session.ts';

export interface ReceiptOptions {
  readonly as?: string;
  readonly out?: string;
  readonly file?: string;
  readonly anchors?: string;
}

/** `lantai receipt PAGE`: the proof, standing alone, that a page was received with these bytes at this time; optionally the page itself beside it. */
export async function receiptCommand(context: Context, pageId: string, options: ReceiptOptions): Promise<number> {
  const { out } = context;
  const session = await openSession(context.config, { as: options.as, reads: false });
  try {
    const desk = await session.desk('verification');
    const page = await findPageForReceipt(session.archive, desk, pageId, options.file !== undefined);
    const anchored = options.anchors === undefined ? null : await anchoredReceipt(session.archive, page.entryId);
    const receipt = anchored?.receipt ?? (await receiptWhenReady(session.archive, page.entryId));
    if (anchored && options.anchors !== undefined) writeFileSync(options.anchors, anchored.anchors, { flag: 'wx' });
    if (options.file !== undefined && page.bytes) writeFileSync(options.file, page.bytes, { flag: 'wx', mode: 0o600 });
    if (options.out) writeFileSync(options.out, receipt, { flag: 'wx' });
    out.json({ pageId, entryId: page.entryId, receipt, logKey: session.archive.identity.logKey });
    if (options.out)
      out.say(
        `凭证已写入 ${options.out}；日志公钥：${session.archive.identity.logKey}`,
        `Receipt written to ${options.out}; key of the log: ${session.archive.identity.logKey}`,
      );
    else out.line(receipt);
    return EXIT.ok;
  } finally {
    await session.close();
  }
}
