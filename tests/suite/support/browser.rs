//! A real browser: Debian's Chromium, driven by its chromedriver.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use thirtyfour::LoggingPrefsLogLevel;
use thirtyfour::prelude::*;

use super::client::plain;
use super::engine::provided;
use super::{eventually, logins};

/// Most bytes of modules on one page, as they are sent.
pub const MODULES: u64 = 25_000;

/// What an element says, its no-break spaces as plain ones.
const SPACED: &str = "translate(., '\u{a0}\u{202f}', '  ')";

/// One browser with a profile of its own; its windows are the tabs.
#[derive(Clone, Debug)]
pub struct Browser {
    driver: WebDriver,
    javascript: bool,
}

/// Opens a browser, does something with it, and closes it whatever happened.
pub async fn with_browser<R>(javascript: bool, work: impl AsyncFnOnce(Browser) -> R) -> R {
    let profile = tempfile::Builder::new().prefix("ei-test-browser-").tempdir().expect("a folder");
    let mut capabilities = DesiredCapabilities::chrome();
    let profile_flag = format!("--user-data-dir={}", profile.path().display());
    for flag in [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--lang=fr-FR",
        "--window-size=1280,1000",
        &profile_flag,
    ] {
        capabilities.add_arg(flag).expect("a flag");
    }
    capabilities.set_browser_log_level(LoggingPrefsLogLevel::All).expect("a level");
    capabilities.set_binary(&provided("EI_TEST_CHROMIUM")).expect("a program");
    if !javascript {
        let off = serde_json::json!({ "profile.managed_default_content_settings.javascript": 2 });
        capabilities.add_experimental_option("prefs", off).expect("preferences");
    }
    let driver = WebDriver::new(provided("EI_TEST_CHROMEDRIVER"), capabilities).await.expect("chromedriver answers");
    let outcome = AssertUnwindSafe(work(Browser { driver: driver.clone(), javascript })).catch_unwind().await;
    driver.quit().await.expect("the browser closes");
    match outcome {
        Ok(value) => value,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

impl Browser {
    /// Goes to an address in the current tab.
    pub async fn goto(&self, url: &str) {
        self.driver.goto(url).await.expect("the page opens");
        self.completed().await;
    }

    /// Opens another tab there, and stays in it.
    pub async fn open_tab(&self, url: &str) -> WindowHandle {
        let tab = self.driver.new_tab().await.expect("a tab");
        self.switch_to(&tab).await;
        self.goto(url).await;
        tab
    }

    pub async fn current_tab(&self) -> WindowHandle {
        self.driver.window().await.expect("a tab")
    }

    /// Goes to another tab.
    pub async fn switch_to(&self, tab: &WindowHandle) {
        self.driver.switch_to_window(tab.clone()).await.expect("the tab is open");
    }

    /// Goes to the tab that is not `known`, once it is open.
    pub async fn switch_to_other(&self, known: &WindowHandle) {
        let tab =
            eventually("another tab", async || self.driver.windows().await.ok()?.into_iter().find(|tab| tab != known));
        self.switch_to(&tab.await).await;
    }

    /// The title of the current tab.
    pub async fn title(&self) -> String {
        plain(&self.driver.title().await.expect("a title"))
    }

    /// The path of the current tab.
    pub async fn path(&self) -> String {
        self.driver.current_url().await.expect("an address").path().to_owned()
    }

    /// The element of a CSS selector, once it is shown.
    pub async fn shown(&self, css: &str) -> WebElement {
        eventually(&format!("{css} is shown"), async || self.if_shown(css).await).await
    }

    /// Whether the modules of the current page are there: nobody is quicker with the hand.
    async fn complete(&self) -> bool {
        const COMPLETE: &str = "return document.readyState === 'complete'
            && (!document.querySelector('script[type=module]') || document.documentElement.hasAttribute('data-complete'));";
        if !self.javascript {
            return true;
        }
        self.driver.execute(COMPLETE, Vec::new()).await.is_ok_and(|answer| answer.json() == true)
    }

    /// Waits until the modules of the current page are there.
    async fn completed(&self) {
        eventually("the page is complete", async || self.complete().await.then_some(())).await;
    }

    /// The element of a CSS selector, if it is shown now. A page that is being replaced shows nothing.
    pub async fn if_shown(&self, css: &str) -> Option<WebElement> {
        if !self.complete().await {
            return None;
        }
        let all = self.driver.find_all(By::Css(css)).await.unwrap_or_default();
        for element in all {
            if element.is_displayed().await.unwrap_or(false) {
                return Some(element);
            }
        }
        None
    }

    /// Waits until an element shows a text that fulfils the condition.
    pub async fn says(&self, css: &str, condition: impl Fn(&str) -> bool) -> String {
        eventually(&format!("{css} says it"), async || {
            let element = self.if_shown(css).await?;
            let text = plain(&element.text().await.ok()?);
            condition(&text).then_some(text)
        })
        .await
    }

    /// Waits until a field holds what fulfils the condition.
    pub async fn valued(&self, css: &str, condition: impl Fn(&str) -> bool) {
        eventually(&format!("{css} holds it"), async || {
            let value = self.if_shown(css).await?.value().await.ok().flatten()?;
            condition(&value).then_some(())
        })
        .await;
    }

    /// Waits until nothing of that selector is shown.
    pub async fn gone(&self, css: &str) {
        eventually(&format!("{css} is gone"), async || self.if_shown(css).await.is_none().then_some(())).await;
    }

    /// Waits until the title of the current tab fulfils the condition.
    pub async fn titled(&self, what: &str, condition: impl Fn(&str) -> bool) {
        eventually(&format!("the title {what}"), async || condition(&self.title().await).then_some(())).await;
    }

    /// Waits until the current tab is at that path.
    pub async fn at(&self, path: &str) {
        eventually(&format!("the browser is at {path}"), async || (self.path().await == path).then_some(())).await;
    }

    /// Types into a field, after what stands there.
    pub async fn types(&self, css: &str, text: &str) {
        self.shown(css).await.send_keys(text).await.expect("a field that takes text");
    }

    /// Puts the pointer on what a selector shows.
    pub async fn hover(&self, css: &str) {
        let element = self.shown(css).await;
        element.scroll_into_view().await.expect("an element");
        self.driver.action_chain().move_to_element_center(&element).perform().await.expect("a pointer");
    }

    /// Gives the browser a cookie of the site it is at.
    pub async fn keeps(&self, name: &str, value: &str) {
        let mut cookie = Cookie::new(name, value);
        cookie.set_path("/");
        self.driver.add_cookie(cookie).await.expect("a cookie");
    }

    /// Presses a button of the page or at its foot, whatever is folded around it.
    pub async fn press(&self, words: &str) {
        self.completed().await;
        let within = "*[self::main or contains(concat(' ', @class, ' '), ' dock ')]";
        let button = format!("//{within}//button[normalize-space({SPACED})=\"{words}\"]");
        let button = self.driver.find(By::XPath(button.as_str())).await;
        let button = button.unwrap_or_else(|_| panic!("a button « {words} »"));
        self.driver
            .execute("arguments[0].click();", vec![button.to_json().expect("an element")])
            .await
            .expect("a click");
    }

    /// Goes back, as the browser's button does.
    pub async fn back(&self) {
        self.driver.back().await.expect("a page before");
    }

    /// Clicks on what a selector shows. What moves away under the pointer is clicked again.
    pub async fn click(&self, css: &str) {
        eventually(&format!("{css} can be clicked"), async || self.reach(&self.if_shown(css).await?).await).await;
    }

    /// Clicks on the shown element of that name whose text is exactly that.
    pub async fn click_on(&self, tag: &str, text: &str) {
        let path = format!("//{tag}[normalize-space({SPACED})=\"{text}\"]");
        eventually(&format!("<{tag}> « {text} » can be clicked"), async || {
            if !self.complete().await {
                return None;
            }
            for element in self.driver.find_all(By::XPath(path.as_str())).await.unwrap_or_default() {
                if element.is_displayed().await.unwrap_or(false) {
                    return self.reach(&element).await;
                }
            }
            None
        })
        .await;
    }

    /// Scrolls as a person does, since something may stand at the foot of the window, and clicks.
    async fn reach(&self, element: &WebElement) -> Option<()> {
        let script = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' });";
        self.driver.execute(script, vec![element.to_json().ok()?]).await.ok()?;
        element.click().await.ok()
    }

    /// Clicks on the first shown element of a selector that contains these words.
    pub async fn click_containing(&self, css: &str, words: &str) {
        eventually(&format!("{css} « {words} » can be clicked"), async || {
            if !self.complete().await {
                return None;
            }
            for element in self.driver.find_all(By::Css(css)).await.unwrap_or_default() {
                let text = plain(&element.text().await.unwrap_or_default());
                if text.contains(words) && element.is_displayed().await.unwrap_or(false) {
                    return element.click().await.ok();
                }
            }
            None
        })
        .await;
    }

    /// The whole address of the current tab.
    pub async fn address(&self) -> String {
        self.driver.current_url().await.expect("an address").to_string()
    }

    /// How many elements of a selector there are.
    pub async fn count(&self, css: &str) -> usize {
        self.driver.find_all(By::Css(css)).await.unwrap_or_default().len()
    }

    /// The number that an element shows; 0 when it is hidden or being replaced.
    pub async fn number(&self, css: &str) -> i64 {
        self.completed().await;
        let Some(element) = self.if_shown(css).await else { return 0 };
        let text = element.text().await.unwrap_or_default();
        text.replace(['\u{202f}', '\u{a0}'], "").parse().unwrap_or(0)
    }

    /// An attribute of what a selector shows.
    pub async fn attribute(&self, css: &str, name: &str) -> String {
        self.shown(css).await.attr(name).await.expect("an element").unwrap_or_default()
    }

    /// The number that a counter of the menu shows; 0 when it is hidden.
    pub async fn counter(&self, word: &str) -> i64 {
        self.number(&format!("nav.menu [data-compteur='{word}']")).await
    }

    /// Waits until the current tab shows that number on the menu and in its title.
    pub async fn shows_messages(&self, number: i64) {
        eventually(&format!("the menu counts {number}"), async || {
            (self.counter("messages").await == number).then_some(())
        })
        .await;
        let prefix = format!("({number}) ");
        self.titled(&format!("counts {number}"), |title| {
            if number == 0 { !title.starts_with('(') } else { title.starts_with(&prefix) }
        })
        .await;
    }

    /// Logs in somebody of the demonstration.
    pub async fn login(&self, base: &str, login: &str) {
        self.goto(&format!("{base}/authentification/")).await;
        self.types("#email", login).await;
        self.types("#mot_de_passe", logins::PASSWORD).await;
        self.click("main form button").await;
        self.at("/tableau-de-bord").await;
    }

    /// What the browser complained about: scripts that fail, what the security policy refuses.
    pub async fn complaints(&self) -> Vec<String> {
        let log = self.driver.browser_log().await.expect("the browser's log");
        let said = log.into_iter().filter(|entry| entry.level != "INFO");
        said.map(|entry| format!("{entry:?}")).filter(|entry| !entry.contains("favicon")).collect()
    }

    /// Runs a script in the page and gives its value.
    pub async fn run(&self, script: &str) -> serde_json::Value {
        self.driver.execute(script, Vec::new()).await.expect("the script runs").json().clone()
    }

    /// The bytes of all modules that the page has fetched, as they were sent.
    pub async fn modules(&self) -> u64 {
        let script = "return performance.getEntriesByType('resource').filter((one) => one.name.endsWith('.js'))\
                      .reduce((all, one) => all + one.decodedBodySize, 0);";
        self.run(script).await.as_u64().expect("a number")
    }

    /// Shows pages as wide as that, in light or dark colours.
    pub async fn looks(&self, width: u32, dark: bool) {
        let size = serde_json::json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        let scheme = if dark { "dark" } else { "light" };
        let media = serde_json::json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        for (command, parameters) in
            [("Emulation.setDeviceMetricsOverride", size), ("Emulation.setEmulatedMedia", media)]
        {
            self.driver.cdp().send_raw(command, parameters).await.expect("a setting of the browser");
        }
    }

    /// Shows pages as they are printed, or again as on a screen.
    pub async fn prints(&self, paper: bool) {
        let media = serde_json::json!({ "media": if paper { "print" } else { "screen" } });
        self.driver.cdp().send_raw("Emulation.setEmulatedMedia", media).await.expect("a setting of the browser");
    }

    /// Sends at most so many bytes a second, as a slow line does.
    pub async fn sends_at_most(&self, bytes: u32) {
        let line =
            serde_json::json!({ "offline": false, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes });
        for (command, parameters) in
            [("Network.enable", serde_json::json!({})), ("Network.emulateNetworkConditions", line)]
        {
            self.driver.cdp().send_raw(command, parameters).await.expect("a setting of the browser");
        }
    }

    /// From the next page on, is one that does not know `what` a script may ask for.
    pub async fn lacks(&self, what: &str) {
        let source = serde_json::json!({ "source": format!("delete window.{what};") });
        self.driver
            .cdp()
            .send_raw("Page.addScriptToEvaluateOnNewDocument", source)
            .await
            .expect("a setting of the browser");
    }

    /// Types into whatever has the focus.
    pub async fn tabs(&self, keys: &str) {
        self.driver.active_element().await.expect("a focus").send_keys(keys).await.expect("keys");
    }

    /// What axe-core says against the current page, or against its colours alone: each rule that is broken, and where.
    pub async fn audit(&self, colours_alone: bool) -> Vec<String> {
        static AXE: std::sync::OnceLock<String> = std::sync::OnceLock::new();
        let source =
            AXE.get_or_init(|| std::fs::read_to_string(provided("EI_TEST_AXE")).expect("axe-core is installed"));
        if self.run("return typeof window.axe;").await != "object" {
            self.run(source).await;
        }
        let tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
        let rules = ["color-contrast", "link-in-text-block"];
        let (kind, values) = if colours_alone { ("rule", &rules[..]) } else { ("tag", &tags[..]) };
        let script = "const [type, values, done] = arguments;
            axe.run(document, { runOnly: { type, values }, resultTypes: ['violations'] }).then(
              (all) => done(all.violations.flatMap((one) => one.nodes.map(
                (node) => `${one.id} (${one.help}): ${node.target.join(' ')}`))),
              (error) => done([String(error)]));";
        let found = self
            .driver
            .execute_async(script, vec![serde_json::json!(kind), serde_json::json!(values)])
            .await
            .expect("axe answers");
        found.convert().expect("a list of sentences")
    }
}
