/** What stands in a window of the shell whose matter is gone: why, and the way out. */
import type { ReactNode } from "react";
import { cardWords } from "../text/calls.ts";
import { Button } from "./basic.tsx";

/** `late`: it may only not be here yet, so nothing is said for a moment. */
export const PopupLost = ({
  title,
  late = false,
  children,
}: {
  readonly title: string;
  readonly late?: boolean;
  readonly children: ReactNode;
}) => (
  <main className={late ? "popup-lost late" : "popup-lost"}>
    <h1>{title}</h1>
    {children}
    <Button onClick={() => window.close()}>{cardWords.closeWindow}</Button>
  </main>
);
