export * from './box.ts';
export * from './box-code.ts';
export * from './box-order.ts';
