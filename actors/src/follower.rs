//! What the background actors share: woken by commits, ticking besides, one piece of work at a time, observable.
//!
//! A [`Follower`] never queues: while it works, any number of wakes amount to one more look.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use actix::prelude::{Actor, ActorContext, ActorFutureExt, AsyncContext, Context, Handler, Message, WrapFuture};
use futures_util::future::LocalBoxFuture;

/// What a run came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// There may be more to do right now.
    More,
    /// Nothing is left until the next wake or tick.
    Done,
}

/// Why a run failed; it is tried again at the next wake or tick.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Called {
    pub name: &'static str,
    /// Its name on the administrateur's board.
    pub label: &'static str,
}

/// Input-less, idempotent work: it looks at the database and does what is left to do.
pub trait Work: Send + Unpin + 'static {
    fn called(&self) -> Called;
    /// Whether it looks at each commit, or only when its tick comes.
    fn woken_by_commits(&self) -> bool {
        true
    }
    /// The longest time between two looks, also when nothing wakes it.
    fn tick(&self) -> Duration;
    /// The shortest time between two looks, so that many commits make one batch.
    fn pause(&self) -> Duration {
        Duration::ZERO
    }
    /// Does a bounded amount of work.
    fn run(&mut self) -> LocalBoxFuture<'_, Result<Progress, Failure>>;
}

/// What can be seen of a follower from outside.
#[derive(Debug, Default)]
pub struct Observed {
    runs: AtomicU64,
    failures: AtomicU64,
    working: AtomicBool,
    position: AtomicI64,
}

impl Observed {
    pub fn runs(&self) -> u64 {
        self.runs.load(Ordering::Relaxed)
    }

    /// Runs that failed in a row: 0 when the last one worked.
    pub fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }

    /// Whether it works right now.
    pub fn working(&self) -> bool {
        self.working.load(Ordering::SeqCst)
    }

    /// The journal id it has followed to, for those that have a cursor.
    pub fn position(&self) -> i64 {
        self.position.load(Ordering::SeqCst)
    }

    /// Says how far the journal was followed.
    pub fn set_position(&self, position: i64) {
        self.position.store(position, Ordering::SeqCst);
    }
}

/// Look now, or once more when this look ends.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "()")]
pub struct Wake;

/// Finish the run under way, then stop; answered when it has.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "()")]
pub struct Stop;

/// The actor around a [`Work`].
pub struct Follower {
    work: Option<Box<dyn Work>>,
    name: &'static str,
    again: bool,
    stopping: Vec<tokio::sync::oneshot::Sender<()>>,
    observed: Arc<Observed>,
}

impl std::fmt::Debug for Follower {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Follower").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Follower {
    /// Wraps the work; `observed` is what others look at.
    pub fn new(work: Box<dyn Work>, observed: Arc<Observed>) -> Self {
        Self { name: work.called().name, work: Some(work), again: false, stopping: Vec::new(), observed }
    }

    fn look(&mut self, context: &mut Context<Self>) {
        let Some(mut work) = self.work.take() else {
            self.again = true;
            return;
        };
        self.again = false;
        self.observed.working.store(true, Ordering::SeqCst);
        let run: LocalBoxFuture<'static, _> = Box::pin(async move {
            let result = work.run().await;
            (work, result)
        });
        context.spawn(run.into_actor(self).map(|(work, result), actor, context| actor.ended(work, result, context)));
    }

    fn ended(&mut self, work: Box<dyn Work>, result: Result<Progress, Failure>, context: &mut Context<Self>) {
        let pause = work.pause();
        self.work = Some(work);
        self.observed.runs.fetch_add(1, Ordering::Relaxed);
        self.observed.working.store(false, Ordering::SeqCst);
        let more = match result {
            Ok(progress) => {
                if self.observed.failures.swap(0, Ordering::Relaxed) > 0 {
                    tracing::info!(follower = self.name, "works again");
                }
                progress == Progress::More
            }
            // It waits for room on the disk, as everything does: it has not failed.
            Err(error) if store::is_for_want_of_room(&*error) => {
                store::room_was_found(false);
                false
            }
            Err(error) => {
                let failures = self.observed.failures.fetch_add(1, Ordering::Relaxed) + 1;
                if failures.is_power_of_two() {
                    tracing::warn!(follower = self.name, failures, %error, "a run failed and will be tried again");
                }
                metrics::counter!("ei_follower_failures_total", "follower" => self.name).increment(1);
                false
            }
        };
        if !self.stopping.is_empty() {
            for waiting in self.stopping.drain(..) {
                // Who waited may have gone away: there is nobody left to tell then.
                if waiting.send(()).is_err() {
                    tracing::debug!(follower = self.name, "nobody waits for the stop any more");
                }
            }
            context.stop();
            return;
        }
        if more || self.again {
            context.run_later(pause, Self::look);
        }
    }
}

impl Actor for Follower {
    type Context = Context<Self>;

    fn started(&mut self, context: &mut Self::Context) {
        let tick = self.work.as_ref().map_or(Duration::from_secs(1), |work| work.tick());
        context.run_interval(tick, Self::look);
        self.look(context);
    }
}

impl Handler<Wake> for Follower {
    type Result = ();
    fn handle(&mut self, _: Wake, context: &mut Self::Context) {
        let pause = self.work.as_ref().map_or(Duration::ZERO, |work| work.pause());
        if self.work.is_none() || pause.is_zero() {
            self.look(context);
        } else if !self.again {
            self.again = true;
            context.run_later(pause, |actor, context| {
                if actor.again {
                    actor.look(context);
                }
            });
        }
    }
}

impl Handler<Stop> for Follower {
    type Result = actix::ResponseFuture<()>;
    fn handle(&mut self, _: Stop, context: &mut Self::Context) -> Self::Result {
        if self.work.is_some() {
            context.stop();
            return Box::pin(std::future::ready(()));
        }
        let (sender, receiver) = tokio::sync::oneshot::channel();
        self.stopping.push(sender);
        let name = self.name;
        Box::pin(async move {
            if receiver.await.is_err() {
                tracing::debug!(follower = name, "stopped without a word");
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting(Arc<AtomicU64>, Arc<tokio::sync::Semaphore>);
    impl Work for Counting {
        fn called(&self) -> Called {
            Called { name: "counting", label: "" }
        }
        fn tick(&self) -> Duration {
            Duration::from_hours(1)
        }
        fn run(&mut self) -> LocalBoxFuture<'_, Result<Progress, Failure>> {
            Box::pin(async move {
                self.1.acquire().await?.forget();
                self.0.fetch_add(1, Ordering::SeqCst);
                Ok(Progress::Done)
            })
        }
    }

    #[actix::test]
    async fn t2_many_wakes_while_it_works_are_one_more_look() {
        let (runs, gate) = (Arc::new(AtomicU64::new(0)), Arc::new(tokio::sync::Semaphore::new(0)));
        let observed = Arc::new(Observed::default());
        let follower = Follower::new(Box::new(Counting(runs.clone(), gate.clone())), observed.clone()).start();
        while !observed.working() {
            tokio::task::yield_now().await;
        }
        for _ in 0..50 {
            follower.send(Wake).await.unwrap();
        }
        gate.add_permits(10);
        while observed.runs() < 2 {
            tokio::task::yield_now().await;
        }
        follower.send(Stop).await.unwrap();
        assert_eq!(runs.load(Ordering::SeqCst), 2);
        assert_eq!(observed.failures(), 0);
    }

    #[actix::test]
    async fn o4_stop_waits_for_the_run_under_way() {
        let (runs, gate) = (Arc::new(AtomicU64::new(0)), Arc::new(tokio::sync::Semaphore::new(0)));
        let observed = Arc::new(Observed::default());
        let follower = Follower::new(Box::new(Counting(runs.clone(), gate.clone())), observed.clone()).start();
        while !observed.working() {
            tokio::task::yield_now().await;
        }
        let stopped = tokio::task::spawn_local({
            let follower = follower.clone();
            async move { follower.send(Stop).await }
        });
        gate.add_permits(1);
        stopped.await.unwrap().unwrap();
        assert_eq!(runs.load(Ordering::SeqCst), 1);
    }
}
