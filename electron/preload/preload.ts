/** Preload of the main window. */
import { exposeBulkhead } from "./forward.ts";

exposeBulkhead();
