export { toDatabaseError } from './database-error.ts';
export { migrate, readSchemaVersion } from './migrate.ts';
export { APP_ROLE, OWNER_ROLE } from './roles.ts';
export { connectionsBeside, findRunningServer, type RunningServer } from './running-server.ts';
export { type Db, type DbOptions, openDb, type Param, type Session, type Sql, type Tx, type TxOptions } from './sql.ts';
export { type DatabaseConfig, isFolderInUse, type RunningDatabase, startDatabase } from './start-database.ts';
