/**
 * Stands in for `react-remove-scroll` under the Radix dialogs (see vite.config.ts). The page's body never scrolls, so
 * there is nothing to lock, and nothing has to be written into a <style> element.
 */
import { Slot } from "radix-ui";
import type { ReactNode } from "react";

interface RemoveScrollProps {
  readonly children?: ReactNode;
  readonly as?: unknown;
  readonly allowPinchZoom?: boolean;
  readonly shards?: unknown;
  readonly enabled?: boolean;
  readonly [rest: string]: unknown;
}

export const RemoveScroll = ({
  children,
  as: _as,
  allowPinchZoom: _zoom,
  shards: _shards,
  enabled: _enabled,
  ...rest
}: RemoveScrollProps) => <Slot.Root {...rest}>{children}</Slot.Root>;
