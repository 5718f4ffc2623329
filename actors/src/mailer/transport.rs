//! Where a composed mail goes: a mail server, a folder of `.eml` files, or nowhere (the demonstration's page shows
//! the outbox itself).

use futures_util::future::BoxFuture;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::fs;
use tokio::io::AsyncWriteExt;

use super::answer::Answer;
use super::message::Composed;
use super::smtp::Smtp;

/// For a local file, or none at all: longer than that is a stuck disk.
const LOCAL_LONGEST: Duration = Duration::from_secs(10);
/// Files written at the same time.
const LOCAL_WIDTH: usize = 4;

#[derive(Debug)]
pub enum Transport {
    /// To a mail server.
    Smtp(Box<Smtp>),
    /// Into a folder, one `.eml` file each, for tests and trials. The folder exists.
    Folder(PathBuf),
    /// Nowhere: the demonstration shows the outbox on a page, and each mail counts as sent.
    Page,
}

impl Transport {
    /// How many mails may leave at the same time.
    pub fn width(&self) -> usize {
        match self {
            Self::Smtp(smtp) => smtp.connections(),
            Self::Folder(_) | Self::Page => LOCAL_WIDTH,
        }
    }

    /// The longest that one [`Transport::send`] lasts.
    pub fn longest_send(&self) -> Duration {
        match self {
            Self::Smtp(smtp) => smtp.longest_send(),
            Self::Folder(_) | Self::Page => LOCAL_LONGEST,
        }
    }

    pub fn send<'a>(&'a self, mail: &'a Composed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            match self {
                Self::Smtp(smtp) => smtp.send(mail).await,
                Self::Folder(folder) => match tokio::time::timeout(LOCAL_LONGEST, write(folder, mail)).await {
                    Ok(Ok(())) => Answer::Taken,
                    Ok(Err(error)) => Answer::Unreachable(format!("the folder of mails can't be written to: {error}")),
                    Err(_) => Answer::Unreachable("the folder of mails does not answer".to_owned()),
                },
                Self::Page => Answer::Taken,
            }
        })
    }

    /// Closes connections that had nothing to do for a while.
    pub fn close_idle(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            match self {
                Self::Smtp(smtp) => smtp.close_idle().await,
                Self::Folder(_) | Self::Page => {}
            }
        })
    }
}

/// Written to a file beside, flushed, then renamed: readers of the folder see whole mails only, and a mail that is sent
/// again after a crash replaces itself.
async fn write(folder: &Path, mail: &Composed) -> std::io::Result<()> {
    let aside = folder.join(format!(".{}.partial", mail.id));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    // A mail is personal data.
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(&aside).await?;
    file.write_all(&mail.bytes).await?;
    file.sync_all().await?;
    fs::rename(&aside, folder.join(format!("{}.eml", mail.id))).await
}
