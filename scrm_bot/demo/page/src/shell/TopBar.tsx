// Whose page this is, and who looks at it.
import type { User } from "../api/types";
import { become } from "../state/person";
import { dark, toggleTheme } from "../state/theme";
import { displayName, drawerOpen, people, session } from "../state/store";
import { Avatar, Icon } from "../parts/Icons";
import { Menu } from "../parts/Menu";

export const ROLES: Record<User["role"], string> = {
  editor: "Editor",
  approver: "Approver",
  admin: "Admin",
  guest: "Guest",
  bot: "App",
};

export const STAND_IN = "This page stands in for Slack; the bot behind it is the real one.";

export const firstName = (user: User): string => displayName(user).split(" ")[0] ?? user.name;

export function PersonSwitch() {
  const known = session.value;
  if (!known) return null;
  const { me } = known;
  const items = people.value.map((user) => ({
    key: user.id,
    label: [<Avatar id={user.id} name={displayName(user)} colour={user.avatar_color} size={24} />, ` ${displayName(user)}`],
    detail: ROLES[user.role],
    checked: user.id === me.id,
    onSelect: () => user.id !== me.id && become(user.id),
  }));
  const button = (
    <>
      <Avatar id={me.id} name={displayName(me)} colour={me.avatar_color} size={24} />
      <span class="person-words"><span class="person-lead">You are </span><strong>{firstName(me)}</strong> · {ROLES[me.role]}</span>
      <Icon name="down" size={14} />
    </>
  );
  return <Menu label={`Switch person. You are ${firstName(me)} · ${ROLES[me.role]}`} title="Switch person" button={button} items={items} buttonClass="person-switch" align="end" />;
}

export function TopBar() {
  const known = session.value;
  const unread = known?.channels.some((one) => one.unread) ?? false;
  return (
    <header class="topbar">
      <a class="skip-link" href="#place" onClick={(event) => {
        // The address holds who and where, so the jump is made without it.
        event.preventDefault();
        document.querySelector<HTMLElement>(".composer textarea, #place")?.focus();
      }}>Skip to the conversation</a>
      <button type="button" class="icon-button drawer-button" aria-label="Channels and apps" aria-expanded={drawerOpen.value} onClick={() => (drawerOpen.value = !drawerOpen.value)}>
        <Icon name="menu" />
        {unread && <span class="dot" />}
      </button>
      <span class="team-name">{known?.team.name}</span>
      <span class="stand-in">{STAND_IN}</span>
      <PersonSwitch />
      <button type="button" class="icon-button" aria-label={dark.value ? "Light theme" : "Dark theme"} title={dark.value ? "Light theme" : "Dark theme"} onClick={toggleTheme}>
        <Icon name={dark.value ? "sun" : "moon"} />
      </button>
    </header>
  );
}
