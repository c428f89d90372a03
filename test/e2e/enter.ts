import type { Page } from 'playwright-core';

/** The password that everybody in these tests chooses. */
export const PASSWORD = '一句只有自己记得住的话 2026';

/** Fills in the door and knocks. */
export async function fillDoor(page: Page, name: string, password: string): Promise<void> {
  await page.locator('input[autocomplete=username]').fill(name);
  await page.locator('.door input[autocomplete=current-password]').fill(password);
  await page.keyboard.press('Enter');
}

/** The first sign-in of somebody: the password given out is changed before anything is shown. */
export async function enterFirst(page: Page, name: string, password: string): Promise<void> {
  await page.goto('/');
  await fillDoor(page, name, password);
  const fields = page.locator('.password-form input');
  await fields.nth(0).fill(password);
  for (const i of [1, 2]) await fields.nth(i).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.locator('.rail').waitFor();
}

/** Asks the server in the name of who is signed in on the page, for what a test needs and does not test. */
export async function ask<T>(page: Page, method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
  const answer = await page.evaluate(
    async ([how, where, what]) => {
      const response = await fetch(where!, {
        method: how!,
        ...(what ? { body: what, headers: { 'content-type': 'application/json' } } : {}),
      });
      return { isOk: response.ok, text: await response.text() };
    },
    [method, path, body === undefined ? '' : JSON.stringify(body)],
  );
  if (!answer.isOk) throw new Error(`${method} ${path}: ${answer.text}`);
  // What was done and has nothing to say answers with no text.
  return (answer.text === '' ? undefined : JSON.parse(answer.text)) as T;
}
