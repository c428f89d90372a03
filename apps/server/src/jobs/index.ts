export { type Kept, keepDoing } from './keep-doing.ts';
export { type JobData, type JobHandler, JobQueue, type JobView, QUEUES, type QueueName } from './queue.ts';
