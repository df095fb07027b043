/** Our content security policy forbids code made from strings; zod otherwise probes for it at its first schema. Import this first. */
import { z } from "zod";

z.config({ jitless: true });
