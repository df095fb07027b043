/** The same for builds that are not made for use. */
import { jsx, jsxs, Fragment } from "./jsx-runtime.ts";

export type { JSX } from "./jsx-runtime.ts";
export { Fragment };

export const jsxDEV = (
  type: React.ElementType,
  props: unknown,
  key: React.Key | undefined,
  many: boolean,
): React.ReactElement => (many ? jsxs : jsx)(type, props, key);
