import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { LantaiApp } from './app.tsx';
import './styles/base.css';
import './styles/parts.css';
import './styles/shell.css';

const root = document.getElementById('root');
if (!root) throw new Error('the page has no root');
createRoot(root).render(
  <StrictMode>
    <LantaiApp />
  </StrictMode>,
);
