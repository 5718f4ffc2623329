//! Runs SQLite's calls on blocking threads, in a way that a dropped future can't break.
//!
//! A browser that goes away, or a form that is refused, drops the future of a query under way, on a thread that must
//! not be asked to block in tokio's manner (diesel-async's own runner panics there). A query that has begun is waited
//! for with a plain latch: it runs on another thread, ends within its own time, and its connection is whole again.

use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::task::{Context, Poll};

use diesel_async::sync_connection_wrapper::SpawnBlocking;
use futures_util::future::BoxFuture;
use tokio::task::JoinHandle;

#[derive(Clone, Copy, Debug, Default)]
pub struct Blocking;

impl SpawnBlocking for Blocking {
    fn spawn_blocking<'a, R>(
        &mut self,
        task: impl FnOnce() -> R + Send + 'static,
    ) -> BoxFuture<'a, Result<R, Box<dyn Error + Send + Sync + 'static>>>
    where
        R: Send + 'static,
    {
        // The task is another type at each query: its box is all that is compiled again for it.
        let answer = Arc::new(Mutex::new(None));
        let kept = answer.clone();
        let ended = run(Box::new(move || {
            let result = task();
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
        }));
        Box::pin(async move {
            ended.await?;
            let result = answer.lock().unwrap_or_else(PoisonError::into_inner).take();
            result.ok_or_else(|| "the query gave no answer".into())
        })
    }

    fn get_runtime() -> Self {
        Self
    }
}

fn run(task: Box<dyn FnOnce() + Send>) -> Waiting {
    let latch = Arc::new(Latch::default());
    let opens = Opens(latch.clone());
    let handle = tokio::task::spawn_blocking(move || {
        // Dropped last, also when the task panics or never runs because the program ends.
        let _opens = opens;
        task();
    });
    Waiting { handle, latch }
}

#[derive(Debug, Default)]
struct Latch {
    open: Mutex<bool>,
    opened: Condvar,
}

struct Opens(Arc<Latch>);

impl Drop for Opens {
    fn drop(&mut self) {
        *self.0.open.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.opened.notify_all();
    }
}

struct Waiting {
    handle: JoinHandle<()>,
    latch: Arc<Latch>,
}

impl Future for Waiting {
    type Output = Result<(), Box<dyn Error + Send + Sync + 'static>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.handle).poll(context).map_err(Into::into)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let open = self.latch.open.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.latch.opened.wait_while(open, |open| !*open).unwrap_or_else(PoisonError::into_inner));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use std::sync::atomic::{AtomicBool, Ordering};

    #[tokio::test]
    async fn q8_a_query_whose_future_is_dropped_ends_before_its_connection_is_used_again() {
        let ended = Arc::new(AtomicBool::new(false));
        let (begin, begun) = std::sync::mpsc::channel::<()>();
        let (go, goes) = std::sync::mpsc::channel::<()>();
        let seen = ended.clone();
        let mut query = Blocking.spawn_blocking(move || {
            begin.send(()).unwrap();
            goes.recv().unwrap();
            seen.store(true, Ordering::SeqCst);
        });
        assert!((&mut query).now_or_never().is_none());
        begun.recv().unwrap();
        go.send(()).unwrap();
        drop(query);
        assert!(ended.load(Ordering::SeqCst));
    }
}
