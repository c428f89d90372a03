import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { confirmKit, type KitInput } from '../recovery-kit.ts';

/** `lantai kit confirm`: asks the recovery kit back, from the keyboard or down a pipe. Exits with 5 when it is not this archive's. */
export async function kitConfirmCommand(context: Context, input: KitInput = process.stdin): Promise<number> {
  await confirmKit(context, input);
  context.out.json({ confirmed: true });
  return EXIT.ok;
}
