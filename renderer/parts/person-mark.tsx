/** Who somebody is beside their name: the role always, and whom they could be taken for where there is somebody. */
import { Users } from "lucide-react";
import { visibleName } from "#bridge/plain-text.ts";
import type { PersonMark as Mark } from "#bridge/member.ts";
import { personWords as words } from "../text/team.ts";
import { When } from "./time.tsx";

export const PersonMark = ({ mark }: { readonly mark: Mark }) => (
  <>
    <RoleChip mark={mark} />
    <AlikeChip mark={mark} />
  </>
);

export const RoleChip = ({ mark }: { readonly mark: Mark }) => (
  <span className="chip">{mark.role === null ? words.gone : visibleName(mark.role)}</span>
);

const alikeWords = ({ name, role }: Mark["alike"][number]): string =>
  words.withRole(visibleName(name), role === null ? null : visibleName(role));

export const AlikeChip = ({ mark }: { readonly mark: Mark }) => (
  <>
    {(mark.alike.length > 0 || mark.formerly.length > 0) && (
      <span className="chip waiting person-alike">
        <Users className="icon small" aria-hidden />
        <span>
          {mark.alike.length > 0 && words.alike(mark.alike.map(alikeWords))}
          {mark.formerly.length > 0 && ` ${words.formerly(mark.formerly.map(visibleName))}`} {words.joined}{" "}
          <When at={mark.joinedAt} />
        </span>
      </span>
    )}
  </>
);
