// Where blocks stand, and how an element reads and writes its part of the surface's state.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Container, Element, Json, Value } from "../api/types";
import { act, actionKey, clearError, rememberTyped } from "../state/deeds";
import { keyOf, setValue, startOf, surfaceKey, valuesOf } from "../state/forms";
import { pending } from "../state/store";

export interface Surface {
  container: Container;
  kind: "message" | "modal" | "home";
}

export const SurfaceContext = createContext<Surface>({ container: { type: "view", view_id: "" }, kind: "home" });
export const useSurface = (): Surface => useContext(SurfaceContext);

/** What every interactive element is given. `quiet`: an input that tells the bot nothing until it is submitted. */
export interface ElementProps {
  element: Element;
  block_id: string;
  index?: number;
  quiet?: boolean;
  /** Set by an input block; elsewhere an element names itself by its placeholder. */
  id?: string;
  labelledBy?: string;
  describedBy?: string;
  invalid?: boolean;
  optional?: boolean;
}

export type Change = Omit<Value, "type">;

export interface Field {
  value: Value;
  container: Container;
  busy: boolean;
  /** Keeps the value, or what is made of the one there is by then; tells the bot as well, unless the element is quiet or `tell` is false. */
  set(change: Change | ((now: Value) => Change), options?: { tell?: boolean }): void;
  tell(change: Change | Json): void;
}

export function useField({ element, block_id, index, quiet }: ElementProps): Field {
  const { container } = useSurface();
  const surface = surfaceKey(container);
  const action_id = keyOf(element, index);
  const held = (): Value => valuesOf(surface)[block_id]?.[action_id] ?? startOf(element);
  const tell = (change: Change | Json): void => void act(container, block_id, element, change as Json);
  return {
    value: held(),
    container,
    busy: pending.value.has(actionKey(container, block_id, element.action_id, element.value)),
    set(made, options = {}) {
      const change = typeof made === "function" ? made(held()) : made;
      setValue(surface, block_id, action_id, { type: element.type, ...change });
      if (container.type === "view") {
        clearError(container.view_id, block_id);
        rememberTyped(container.view_id);
      }
      if (!quiet && options.tell !== false) tell(change);
    },
    tell,
  };
}
