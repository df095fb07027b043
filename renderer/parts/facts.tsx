/** Names and values, one below the other. */
import type { ReactNode } from "react";

export type Fact = readonly [name: string, value: ReactNode];

export const Facts = ({
  facts,
  framed,
  mono,
}: {
  readonly facts: readonly Fact[];
  readonly framed?: boolean;
  readonly mono?: boolean;
}) => (
  <dl className={framed === true ? "facts framed" : "facts"}>
    {facts.map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd className={mono === true ? "mono-small" : undefined}>{value}</dd>
      </div>
    ))}
  </dl>
);
