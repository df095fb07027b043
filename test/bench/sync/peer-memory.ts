/** Our server over a store that forgets: what it costs to check and to order, without what it costs to keep. */
import { createMemory } from "../../helpers/memory-store.ts";
import { serveBulkhead } from "./serve-bulkhead.ts";

await serveBulkhead(createMemory().connect());
