/** What people call a queue. One that is gone, or is not known yet, shows as it is written in the log. */
import { useTopic } from "./host.ts";

export const useQueueName = (wid: string): ((id: string) => string) => {
  const queues = useTopic("tools", wid)?.queues ?? [];
  return (id) => queues.find((queue) => queue.id === id)?.name ?? id;
};
