import { NavLink as Item, useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { NavLink, Outlet, useLocation, useNavigate } from 'react-router';
import { ElsaFrame } from '../elsa/ElsaFrame';
import { elsaPath, isDrawing, ourPath, titleOf } from '../elsa/paths';
import { Account } from './Account';
import { Icon } from './Icon';
import { places } from './places';
import { useTitle } from './useTitle';

/** What is around every page: where one can go, who one is, and the frame of Elsa Studio, which stays so that coming back is quick. */
export function Shell() {
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const main = useRef<HTMLElement>(null);
  const shown = elsaPath(pathname, search);
  const dark = useComputedColorScheme('light', { getInitialValueInEffect: false }) === 'dark';
  const page = `/${pathname.split('/')[1]}`;

  // Who moves by keyboard goes on in what they asked for.
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) main.current?.focus();
    first.current = false;
  }, [page]);

  return (
    <div className={isDrawing(pathname) ? 'shell narrow' : 'shell'}>
      <a className="skip" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        Skip to the page
      </a>
      <header className="top">
        <NavLink className="brand" to="/flows">
          <img src="/studio/icon.svg" alt="Crm Studio" width={26} height={26} />
          <span className="words" aria-hidden="true">Crm Studio</span>
        </NavLink>
        <Account />
      </header>
      <nav className="side" aria-label="Pages">
        {places.map(({ to, label, icon }) => (
          <Item key={to} component={NavLink} to={to} title={label} label={label} leftSection={<Icon name={icon} />} active={page === to} />
        ))}
      </nav>
      <main className="main" id="main" ref={main} tabIndex={-1}>
        {shown !== undefined && <FrameTitle title={titleOf(pathname)} />}
        <ElsaFrame path={shown} title={titleOf(pathname)} dark={dark} onMoved={(path, replace) => (!replace || isAt(ourPath(path))) && void navigate(ourPath(path), { replace })} />
        <Outlet />
      </main>
    </div>
  );
}

// A list writes its page into the address once it is read: who has gone elsewhere meanwhile is not taken back to it.
const isAt = (path: string) => location.pathname.replace(/\/$/, '') === `/studio${path.split('?')[0]}`;

function FrameTitle({ title }: { title: string }) {
  useTitle(title);
  return null;
}
