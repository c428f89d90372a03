import { describe, expect, it } from 'vitest';
import { isComposing, keysOf } from './shortcuts.tsx';

const press = (key: string, held: Partial<Record<'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey', boolean>> = {}) => ({
  key,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  ...held,
});

describe('shortcuts', () => {
  it('names a key the same whether the keyboard needs shift for it or not', () => {
    expect(keysOf(press('?', { shiftKey: true }))).toBe('?');
    expect(keysOf(press('N', { shiftKey: true }))).toBe('n');
    expect(keysOf(press('/'))).toBe('/');
  });
  it('names modifiers in one order and Command as Control', () => {
    expect(keysOf(press('ArrowLeft', { altKey: true }))).toBe('alt+arrowleft');
    expect(keysOf(press('z', { metaKey: true }))).toBe('mod+z');
    expect(keysOf(press('Z', { ctrlKey: true, shiftKey: true }))).toBe('mod+shift+z');
    expect(keysOf(press('ArrowRight', { shiftKey: true }))).toBe('shift+arrowright');
  });
  it('takes no key of an input method, however the browser tells it', () => {
    expect(isComposing({ isComposing: true, keyCode: 13, key: 'Enter' })).toBe(true);
    expect(isComposing({ isComposing: false, keyCode: 229, key: 'Enter' })).toBe(true);
    expect(isComposing({ isComposing: false, keyCode: 0, key: 'Process' })).toBe(true);
    expect(isComposing({ isComposing: false, keyCode: 13, key: 'Enter' })).toBe(false);
  });
});
