import './style/tokens.css';
import './style/base.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { answers } from './api/answer.ts';
import { below } from './root.ts';
import { router } from './router.tsx';
import { applyTheme } from './theme.ts';

applyTheme();
// As it stands in the page it is relative, and would be looked for anew below every page's path.
document.querySelector('link[rel=icon]')?.setAttribute('href', below('icon.svg'));
const app = document.getElementById('app');
if (!app) throw new Error('The page has no place for the dashboard.');
createRoot(app).render(
  <StrictMode>
    <QueryClientProvider client={answers}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
