import { DownOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { Button, Dropdown, type MenuProps } from 'antd';
import { useSession, useSignOut } from '../api/session.ts';
import { useAppearance } from '../theme/appearance.tsx';
import { useWords } from '../words/words.tsx';

/** Account, language, ground and type size, and the way out. */
export function AccountMenu() {
  const { w, language, choose: chooseLanguage } = useWords();
  const { account } = useSession();
  const { ground, typeSize, choose } = useAppearance();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const items: MenuProps['items'] = [
    { key: 'account', label: w('account.title') },
    { type: 'divider' },
    { key: 'language', label: language === 'zh' ? 'English' : '中文' },
    { key: 'ground', label: w(ground === 'dark' ? 'look.light' : 'look.dark') },
    { key: 'size', label: w(typeSize === 'large' ? 'look.normal' : 'look.large') },
    { type: 'divider' },
    { key: 'out', label: w('account.signOut') },
  ];
  const act: NonNullable<MenuProps['onClick']> = ({ key }) => {
    if (key === 'account') void navigate({ to: '/account' });
    if (key === 'language') chooseLanguage(language === 'zh' ? 'en' : 'zh');
    if (key === 'ground') choose({ ground: ground === 'dark' ? 'light' : 'dark' });
    if (key === 'size') choose({ typeSize: typeSize === 'large' ? 'normal' : 'large' });
    if (key === 'out') signOut.mutate();
  };
  return (
    <Dropdown menu={{ items, onClick: act }} trigger={['click']}>
      <Button type="text" className="account-button">
        <span className="song">{account.name}</span>
        <span className="quiet">{w(`role.${account.role}`)}</span>
        <DownOutlined aria-hidden />
      </Button>
    </Dropdown>
  );
}
