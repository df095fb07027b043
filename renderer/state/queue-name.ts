/** What people call a queue, or called it before it was removed. One that is not known yet shows as it is written in the log. */
import { useTopic } from "./host.ts";

export const useQueueName = (wid: string): ((id: string) => string) => {
  const policy = useTopic("policy", wid);
  const queues = [...(policy?.queues ?? []), ...(policy?.removedQueues ?? [])];
  return (id) => queues.find((queue) => queue.id === id)?.name ?? id;
};
