export { type JobData, type JobHandler, JobQueue, type JobView, QUEUES, type QueueName } from './queue.ts';
