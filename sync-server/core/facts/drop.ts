/** Letting go of work whose failure nobody here waits for. */
import { faultOf } from "./fault.ts";
import { Refusal } from "./refusal.ts";

/** `why` is a word of ours, `code` a refusal's or the kind of an error: never a message, which can quote content. */
export type TellDropped = (why: string, code: string) => void;

/** `why` says in a word or a sentence why a failure changes nothing; `tell` lets whoever keeps a log count them. */
export const drop = (work: Promise<unknown>, why: string, tell?: TellDropped): void =>
  void work.catch((error: unknown) =>
    tell?.(why, error instanceof Refusal ? error.code : (faultOf(error).code ?? faultOf(error).name)),
  );
