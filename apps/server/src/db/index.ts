export { toDatabaseError } from './database-error.ts';
export { migrate, readSchemaVersion } from './migrate.ts';
export { CONNECTIONS_LEAST, POOL_MAX } from './pool-sizes.ts';
export { type Reach, type ReachSettings, reachSettings } from './reach.ts';
export { APP_ROLE, OWNER_ROLE, SYSTEM_ROLE } from './roles.ts';
export { connectionsBeside, findRunningServer, type RunningServer } from './running-server.ts';
export { type Db, type DbOptions, openDb, type Param, type Session, type Sql, type Tx, type TxOptions } from './sql.ts';
export { type DatabaseConfig, isFolderInUse, type RunningDatabase, startDatabase } from './start-database.ts';
export { SYSTEM_TASKS, type SystemTask } from './system-tasks.ts';
