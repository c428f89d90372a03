export { toDatabaseError } from './database-error.ts';
export { migrate, readSchemaVersion } from './migrate.ts';
export { APP_ROLE, OWNER_ROLE } from './roles.ts';
export { type Db, type DbOptions, openDb, type Param, type Sql, type Tx, type TxOptions } from './sql.ts';
