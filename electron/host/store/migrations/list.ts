import { threads } from "./0001-threads.ts";
import { tools } from "./0002-tools.ts";
import { workspace } from "./0003-workspace.ts";
import { lease } from "./0004-lease.ts";
import { device } from "./0005-device.ts";
import { edits } from "./0006-edits.ts";
import { folds } from "./0007-folds.ts";
import { announced } from "./0008-announced.ts";
import { modelPlaces } from "./0009-model-places.ts";
import { enclosed } from "./0010-enclosed.ts";
import { definitions } from "./0011-definitions.ts";
import { confirms } from "./0012-confirms.ts";
import { typed } from "./0013-typed.ts";
import { gone } from "./0014-gone.ts";
import { signedHeads } from "./0015-signed-heads.ts";
import { owedKey } from "./0016-owed-key.ts";
import { level } from "./0017-level.ts";
import { facts } from "./0018-facts.ts";
import { decidersFact } from "./0019-deciders.ts";

/** One step of the schema. `id` is the `user_version` it leads to; a released step is never edited, only followed. */
export interface Migration {
  readonly id: number;
  readonly name: string;
  readonly sql: string;
}

export const migrations: readonly Migration[] = [
  threads,
  tools,
  workspace,
  lease,
  device,
  edits,
  folds,
  announced,
  modelPlaces,
  enclosed,
  definitions,
  confirms,
  typed,
  gone,
  signedHeads,
  owedKey,
  level,
  facts,
  decidersFact,
];
