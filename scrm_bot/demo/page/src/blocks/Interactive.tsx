// Picks the component for an element.
import type { FunctionComponent } from "preact";
import { Button, Feedback, IconButton, Overflow } from "./Button";
import { Checkboxes, Radios } from "./Choice";
import { FileInput } from "./FileInput";
import { Moment } from "./Moment";
import { EntitySelect, ExternalSelect, StaticSelect } from "./Select";
import { TextInput } from "./TextInput";
import type { ElementProps } from "./surface";

const ELEMENTS: Record<string, FunctionComponent<ElementProps & { dispatch?: boolean }>> = {
  button: Button,
  workflow_button: Button,
  icon_button: IconButton,
  feedback_buttons: Feedback,
  overflow: Overflow,
  plain_text_input: TextInput,
  email_text_input: TextInput,
  url_text_input: TextInput,
  number_input: TextInput,
  radio_buttons: Radios,
  checkboxes: Checkboxes,
  datepicker: Moment,
  timepicker: Moment,
  datetimepicker: Moment,
  file_input: FileInput,
  static_select: StaticSelect,
  multi_static_select: StaticSelect,
  external_select: ExternalSelect,
  multi_external_select: ExternalSelect,
  users_select: EntitySelect,
  multi_users_select: EntitySelect,
  channels_select: EntitySelect,
  multi_channels_select: EntitySelect,
  conversations_select: EntitySelect,
  multi_conversations_select: EntitySelect,
};

export function Interactive(props: ElementProps & { dispatch?: boolean }) {
  const Found = ELEMENTS[props.element.type];
  if (!Found) return <span class="unsupported">{`This page cannot show “${props.element.type}”.`}</span>;
  return <Found {...props} />;
}
