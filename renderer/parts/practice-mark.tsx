/** Says on everything that belongs to a practice request that it is one. */
import { FlaskConical } from "lucide-react";
import { practiceWords as words } from "../text/practice.ts";
import { Note } from "./basic.tsx";

export const PracticeChip = () => (
  <span className="chip accent">
    <FlaskConical className="icon small" aria-hidden />
    {words.chip}
  </span>
);

export const PracticeBanner = () => (
  <Note icon={<FlaskConical className="icon small" aria-hidden />}>{words.banner}</Note>
);
