import { Button, Checkbox, Popconfirm } from 'antd';
import { useState } from 'react';
import { type AccountLine, useAccounts } from '../../api/access.ts';
import { useUnits } from '../../api/house.ts';
import { type Post, useEndPost, useEveryPost } from '../../api/rights.ts';
import { Chip } from '../../parts/chip.tsx';
import { useSayRefusal } from '../../parts/refused.tsx';
import { ErrorState, LoadingState } from '../../parts/states.tsx';
import { sayDay } from '../../words/dates.ts';
import { useWords, type WordKey } from '../../words/words.tsx';
import { useCategoryName } from '../policy/category-name.ts';
import { isOffice } from './account-fields.tsx';
import { PostDialog } from './post-dialog.tsx';

/** What the main post and the further ones have in common. */
interface Held {
  readonly key: string;
  readonly role: AccountLine['role'];
  readonly unitId: string | null;
  readonly levelMax: number;
  readonly audiences: readonly string[];
  readonly fromMs: number;
  readonly untilMs: number | null;
  readonly further: Post | null;
}

const mainOf = (line: AccountLine): Held => ({
  key: 'main',
  role: line.role,
  unitId: line.unitId,
  levelMax: line.levelMax,
  audiences: [],
  fromMs: line.createdAtMs,
  untilMs: null,
  further: null,
});
const furtherOf = (post: Post): Held => ({
  key: post.id,
  role: post.role,
  unitId: post.unitId,
  levelMax: post.levelMax,
  audiences: post.audiences,
  fromMs: post.fromMs,
  untilMs: post.endedAtMs,
  further: post,
});

function PostRow({ held, isFixed }: { held: Held; isFixed: boolean }) {
  const { w, language } = useWords();
  const { pathOf } = useUnits();
  const categoryName = useCategoryName();
  const end = useEndPost();
  const onError = useSayRefusal();
  const { further, untilMs } = held;
  const span =
    untilMs === null
      ? w('posts.held', { from: sayDay(held.fromMs, language) })
      : w('posts.span', { from: sayDay(held.fromMs, language), until: sayDay(untilMs, language) });
  const isElsewhere = isOffice(held.role) || held.role === 'reader' || held.role === 'person';
  return (
    <li className={untilMs === null ? '' : 'past'}>
      <span className="role">
        {w(`role.${held.role}`)} <Chip tone={further ? 'blue' : 'plain'}>{w(further ? 'posts.further' : 'posts.main')}</Chip>
      </span>
      <span className="where quiet">{!isElsewhere && (held.unitId ? pathOf(held.unitId) : w('posts.everywhere'))}</span>
      <span className="quiet">
        {!isOffice(held.role) && w(`accounts.level.${Math.min(held.levelMax, 3)}` as WordKey)}
        {held.audiences.length > 0 && ` · ${held.audiences.map(categoryName).join(w('list.comma'))}`}
      </span>
      <span className="quiet num">{span}</span>
      <span className="act">
        {untilMs !== null && <Chip>{w('posts.ended')}</Chip>}
        {further && untilMs === null && !isFixed && (
          <Popconfirm
            title={w('posts.endSure')}
            onConfirm={() => end.mutateAsync({ accountId: further.accountId, postId: further.id }).catch(onError)}
          >
            <Button type="text" danger>
              {w('posts.end')}
            </Button>
          </Popconfirm>
        )}
      </span>
    </li>
  );
}

/** Who holds which post, where, up to which level, from when until when. */
export function PostRegister() {
  const { w } = useWords();
  const accounts = useAccounts();
  const posts = useEveryPost();
  const [showsEnded, setShowsEnded] = useState(false);
  const [chosen, setChosen] = useState<AccountLine | null>(null);
  const error = accounts.error ?? posts.error;
  if (error)
    return (
      <ErrorState
        error={error}
        retry={() => {
          void accounts.refetch();
          void posts.refetch();
        }}
      />
    );
  if (!accounts.data || !posts.data) return <LoadingState />;
  const heldBy = (line: AccountLine): Held[] => [
    mainOf(line),
    ...posts.data.items.filter((post) => post.accountId === line.id && (showsEnded || post.endedAtMs === null)).map(furtherOf),
  ];
  return (
    <>
      <div className="screen-head">
        <p className="quiet">{w('posts.help')}</p>
        <div className="stretch" />
        <Checkbox checked={showsEnded} onChange={(event) => setShowsEnded(event.target.checked)}>
          {w('posts.showEnded')}
        </Checkbox>
      </div>
      <ul className="post-holders card">
        {accounts.data.items.map((line) => (
          <li key={line.id} className={line.disabled ? 'off' : ''}>
            <div className="holder">
              <strong className="song">{line.name}</strong>
              {line.disabled && <Chip>{w('posts.off')}</Chip>}
              <div className="stretch" />
              {!line.isOwn && !line.disabled && line.role !== 'trial_owner' && !isOffice(line.role) && (
                <Button size="small" onClick={() => setChosen(line)}>
                  {w('posts.change')}
                </Button>
              )}
            </div>
            <ul>
              {heldBy(line).map((held) => (
                <PostRow key={held.key} held={held} isFixed={line.isOwn} />
              ))}
            </ul>
          </li>
        ))}
      </ul>
      {chosen && <PostDialog line={chosen} close={() => setChosen(null)} />}
    </>
  );
}
