import './fragment.ts';
import { mount } from 'svelte';
import App from './ui/App.svelte';
import './ui/style/base.css';
import './ui/style/frame.css';
import './ui/style/rhythm.css';
import './ui/style/surfaces.css';
import './ui/style/controls.css';
import './ui/style/lists.css';
import './ui/style/details.css';
import './ui/style/media.css';

const target = document.getElementById('app');
if (target) mount(App, { target });
